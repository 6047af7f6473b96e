/** Copies an image of `[pixels][channels]` to one of `[channels][pixels]`. */
export function toPlanes(pixels: Float32Array, channels: number, planes: Float32Array): void {
  const count = pixels.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < count; pixel++) {
      planes[channel * count + pixel] = pixels[pixel * channels + channel] ?? 0;
    }
  }
}
