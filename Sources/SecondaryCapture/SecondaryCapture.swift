// SecondaryCapture
