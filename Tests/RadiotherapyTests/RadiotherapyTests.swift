// Radiotherapy
