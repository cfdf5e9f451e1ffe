#!/usr/bin/env python3
"""Writes Fixtures/dicomweb: data sets of many VRs as files and, by pydicom, in the DICOM JSON model.

    .build-tools/venv/bin/python Scripts/make-dicomweb.py
"""

import json
import pathlib

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence

folder = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "dicomweb"


def many():
    """Every VR that the model has a rule for."""
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 192"
    d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    d.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    d.ImageType = ["DERIVED", "SECONDARY", "", "ISODOSE"]
    d.StudyDate = "20200423"
    d.StudyTime = "140509.25"
    d.AccessionNumber = ""
    d.PatientName = "Müller^Jörg=山田^太郎=やまだ^たろう"
    d.ReferringPhysicianName = "=山田^太郎"
    d.OtherPatientNames = ["A^B", "C^D=E"]
    d.PatientID = "0 1\"2"
    d.PatientAge = "047Y"
    d.RetrieveAETitle = ["ARCHIVE", "OTHER"]
    d.PixelSpacing = [0.5, 1.25]
    d.SliceThickness = "-2.5"
    d.InstanceNumber = 17
    d.ReferencedFrameNumber = [1, -3]
    d.Rows = 512
    d.TagAngleSecondAxis = -5
    d.SelectorULValue = [0, 4294967295]
    d.SelectorSLValue = [-2147483648, 1]
    d.SelectorSVValue = [-9007199254740991]
    d.SelectorUVValue = [9007199254740991]
    d.RecommendedDisplayFrameRateInFloat = 1.5
    d.SelectorFDValue = [0.1, -1e300]
    d.FrameIncrementPointer = pydicom.tag.Tag(0x3004, 0x000C)
    d.RetrieveURL = "https://pacs.example/a?b=c"
    d.LongCodeValue = "long"
    d.ImageComments = "two\r\nlines \\ and a backslash"
    d.TextValue = "text"
    d.StudyDescription = "Straße"
    d.EncapsulatedDocument = bytes(range(64))
    d.add_new(0x60003000, "OW", b"\x01\x02\x03\x04")
    d.VectorGridData = b"\x00\x00\x80\x3f\x00\x00\x00\xc0"
    inner = Dataset()
    inner.CodeValue = "113085"
    inner.CodeMeaning = "Räumlich"
    inner.PurposeOfReferenceCodeSequence = Sequence([Dataset(), inner_code()])
    d.DerivationCodeSequence = Sequence([inner])
    d.SourceImageSequence = Sequence([])
    block = d.private_block(0x0009, "Somebody", create=True)
    block.add_new(0x01, "LO", "private")
    return d


def inner_code():
    d = Dataset()
    d.CodeValue = "121322"
    return d


def main():
    folder.mkdir(parents=True, exist_ok=True)
    d = many()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.file_meta.ImplementationClassUID = pydicom.uid.PYDICOM_IMPLEMENTATION_UID
    d.save_as(folder / "many.dcm", enforce_file_format=True)
    # Read back: what is compared is what the file says.
    read = pydicom.dcmread(folder / "many.dcm")
    text = json.dumps([read.to_json_dict(bulk_data_threshold=1 << 20)], ensure_ascii=False, indent=1)
    (folder / "many.json").write_text(text + "\n", encoding="utf-8")


main()
