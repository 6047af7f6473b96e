import { input, type Kernel } from './kernel.js';

/** The gradient of resizing to the nearest pixel: what each pixel gave is added up where it was taken from. */
export const resizeNearestNeighborGrad: Kernel = {
  name: 'ResizeNearestNeighborGrad',
  run(heap, inputs, attributes) {
    const [images, dy] = [input(inputs, 'images'), input(inputs, 'dy')];
    const { alignCorners, halfPixelCenters } = attributes as { alignCorners: boolean; halfPixelCenters?: boolean };
    const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
    const [, outHeight = 0, outWidth = 0] = dy.shape;
    const rows = sources(outHeight, height, alignCorners, halfPixelCenters ?? false);
    const columns = sources(outWidth, width, alignCorners, halfPixelCenters ?? false);
    const dx = heap.output(images.shape);
    const [from, to] = [heap.values(dy), heap.values(dx)];
    to.fill(0);
    let at = 0;
    for (let n = 0; n < batch; n++) {
      for (const row of rows) {
        for (const column of columns) {
          const target = ((n * height + row) * width + column) * channels;
          for (let c = 0; c < channels; c++) to[target + c] = (to[target + c] as number) + (from[at++] as number);
        }
      }
    }
    return dx;
  },
};

/** Where each place of the resized axis was taken from, by the same arithmetic as the forward pass. */
function sources(places: number, size: number, alignCorners: boolean, halfPixelCenters: boolean): number[] {
  const align = alignCorners && places > 1;
  const scale = align ? (size - 1) / (places - 1) : size / places;
  return Array.from({ length: places }, (_, i) => {
    const source = scale * (halfPixelCenters ? i + 0.5 : i);
    return Math.max(0, Math.min(size - 1, alignCorners ? Math.round(source) : Math.floor(source)));
  });
}
