/** Orders of axes that other engines want. */

/** `[rows, columns]` → `[columns, rows]`. */
export function transpose(values, rows, columns) {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column];
  }
  return result;
}

/** `[…, height, width, channels]` → `[…, channels, height, width]`: any number of images, one after the other. */
export function channelsFirst(values, [height, width, channels]) {
  const size = height * width * channels;
  const result = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += size) {
    result.set(transpose(values.subarray(begin, begin + size), height * width, channels), begin);
  }
  return result;
}

/** `[height, width, in, out]` → `[out, in, height, width]`. */
export function outputsFirst(kernel, [height, width, inputs, outputs]) {
  const byOutput = transpose(kernel, height * width * inputs, outputs);
  const size = height * width * inputs;
  const result = new Float32Array(kernel.length);
  for (let output = 0; output < outputs; output++) {
    const one = byOutput.subarray(output * size, (output + 1) * size);
    result.set(transpose(one, height * width, inputs), output * size);
  }
  return result;
}
