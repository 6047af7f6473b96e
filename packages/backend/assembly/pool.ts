/** The largest of each window of one image, NaN if there is one in it, -Infinity if it lies in the padding. */
export function maxPool(
  x: usize, y: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  rows: i32, columns: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = channels << 2;
  for (let outY = 0; outY < outHeight; outY++) {
    const originY = outY * strideY - top;
    const firstRow = max(0, -originY), endRow = min(rows, height - originY);
    for (let outX = 0; outX < outWidth; outX++) {
      const originX = outX * strideX - left;
      const firstColumn = max(0, -originX), endColumn = min(columns, width - originX);
      const origin = x + ((originY + firstRow) * width + originX + firstColumn) * pixel;
      let c = 0;
      for (; c + 32 <= pixel; c += 32) {
        let best = f32x4.splat(-Infinity), next = best;
        let none = f32x4.splat(0), noneNext = none; // all bits, which is NaN, where there is a NaN
        let line = origin + c;
        for (let row = firstRow; row < endRow; row++) {
          let from = line;
          for (let column = firstColumn; column < endColumn; column++) {
            const value = v128.load(from), other = v128.load(from, 16);
            best = f32x4.pmax(best, value);
            next = f32x4.pmax(next, other);
            none = v128.or(none, f32x4.ne(value, value));
            noneNext = v128.or(noneNext, f32x4.ne(other, other));
            from += pixel;
          }
          line += width * pixel;
        }
        v128.store(y + c, v128.or(best, none));
        v128.store(y + c, v128.or(next, noneNext), 16);
      }
      for (; c < pixel; c += 4) {
        let best: f32 = -Infinity;
        let line = origin + c;
        for (let row = firstRow; row < endRow; row++) {
          let from = line;
          for (let column = firstColumn; column < endColumn; column++) {
            best = max<f32>(best, f32.load(from));
            from += pixel;
          }
          line += width * pixel;
        }
        f32.store(y + c, best);
      }
      y += pixel;
    }
  }
}

/**
 * Gradient of max pooling for one image: each output's gradient goes to the first of the largest inputs of its window.
 * Where nothing is larger than -Infinity there is none. `dx` must start as zeros.
 */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  rows: i32, columns: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = channels << 2;
  for (let y = 0; y < outHeight; y++) {
    const originY = y * strideY - top;
    const firstRow = max(0, -originY), endRow = min(rows, height - originY);
    for (let outX = 0; outX < outWidth; outX++) {
      const originX = outX * strideX - left;
      const firstColumn = max(0, -originX), endColumn = min(columns, width - originX);
      const origin = (originY * width + originX) * pixel;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        const at = origin + (c << 2);
        let best = f32x4.splat(-Infinity), place = i32x4.splat(-1);
        for (let row = firstRow; row < endRow; row++) {
          let from = x + at + (row * width + firstColumn) * pixel;
          for (let column = firstColumn; column < endColumn; column++) {
            const value = v128.load(from);
            const larger = f32x4.gt(value, best);
            best = v128.bitselect(value, best, larger);
            place = v128.bitselect(i32x4.splat(row * columns + column), place, larger);
            from += pixel;
          }
        }
        const gradient = v128.load(dy + (c << 2));
        for (let row = firstRow; row < endRow; row++) {
          let to = dx + at + (row * width + firstColumn) * pixel;
          for (let column = firstColumn; column < endColumn; column++) {
            const here = i32x4.eq(place, i32x4.splat(row * columns + column));
            v128.store(to, f32x4.add(v128.load(to), v128.and(gradient, here)));
            to += pixel;
          }
        }
      }
      for (; c < channels; c++) {
        let best: f32 = -Infinity;
        let place = 0;
        for (let row = firstRow; row < endRow; row++) {
          for (let column = firstColumn; column < endColumn; column++) {
            const offset = origin + (row * width + column) * pixel + (c << 2);
            const value = f32.load(x + offset);
            if (value > best) {
              best = value;
              place = offset;
            }
          }
        }
        if (best > -Infinity) f32.store(dx + place, f32.load(dx + place) + f32.load(dy + (c << 2)));
      }
      dy += pixel;
    }
  }
}

/** Gradient of average pooling for one image: `factor` times each output's gradient to every input of its window. */
export function averagePoolGradient(
  dy: usize, dx: usize, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  rows: i32, columns: i32, strideY: i32, strideX: i32, top: i32, left: i32, factor: f32,
): void {
  const pixel = channels << 2;
  const factors = f32x4.splat(factor);
  for (let y = 0; y < outHeight; y++) {
    const originY = y * strideY - top;
    const endRow = min(rows, height - originY);
    for (let outX = 0; outX < outWidth; outX++) {
      const originX = outX * strideX - left;
      const endColumn = min(columns, width - originX);
      for (let row = max(0, -originY); row < endRow; row++) {
        for (let column = max(0, -originX); column < endColumn; column++) {
          const to = dx + ((originY + row) * width + originX + column) * pixel;
          let c = 0;
          for (; c + 16 <= pixel; c += 16) {
            v128.store(to + c, f32x4.add(v128.load(to + c), f32x4.mul(v128.load(dy + c), factors)));
          }
          for (; c < pixel; c += 4) f32.store(to + c, f32.load(to + c) + f32.load(dy + c) * factor);
        }
      }
      dy += pixel;
    }
  }
}
