"""Starts sekmet-fhir with a search on BodyStructure, which it lacks."""

from sekmet.fhir import search_params as search

search.PARAMS["BodyStructure"] = {
    "identifier": search.SearchParam("identifier", "token", ("identifier",)),
    "patient": search.SearchParam("patient", "reference", ("patient",)),
}

from sekmet.cli import app  # noqa: E402

app()
