// DoseMap
