// PixelCodecs
