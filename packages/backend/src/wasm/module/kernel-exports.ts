/** The functions of `assembly/`, which documents them. Addresses and lengths in bytes unless said otherwise there. */
export interface KernelExports {
  clear(target: number, bytes: number): void;
  correlate(
    image: number,
    pixelStride: number,
    lineStride: number,
    rows: number,
    rowStride: number,
    segments: number,
    segmentStride: number,
    length: number,
    panels: number,
    bias: number,
    clamp: boolean,
    out: number,
    outPixelStride: number,
    outLineStride: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    spare: number,
  ): void;
  packPanels(
    source: number,
    target: number,
    rows: number,
    columns: number,
    depth: number,
    channels: number,
    rowStride: number,
    columnStride: number,
    depthStride: number,
    channelStride: number,
  ): void;
  placeImage(
    source: number,
    target: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    frameHeight: number,
    frameWidth: number,
    frameChannels: number,
  ): void;
  filterGradient(
    x: number,
    xPixel: number,
    xLine: number,
    xImage: number,
    tapRow: number,
    tapColumn: number,
    inChannels: number,
    dy: number,
    dyPixel: number,
    dyLine: number,
    dyImage: number,
    images: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    rows: number,
    columns: number,
    sum: number,
    band: number,
  ): void;
  unpadFilter(
    source: number,
    target: number,
    taps: number,
    inChannels: number,
    outChannels: number,
    paddedIn: number,
    paddedOut: number,
  ): void;
  copyBox(
    source: number,
    target: number,
    count0: number,
    count1: number,
    count2: number,
    stride0: number,
    stride1: number,
    stride2: number,
    run: number,
  ): void;
  depthwiseInputGradient: DepthwiseGradient;
  depthwiseFilterGradient: DepthwiseGradient;
  depthwiseCorrelate(
    image: number,
    height: number,
    width: number,
    channels: number,
    originY: number,
    originX: number,
    strideY: number,
    strideX: number,
    stepY: number,
    stepX: number,
    filter: number,
    filterRow: number,
    filterColumn: number,
    rows: number,
    columns: number,
    out: number,
    outHeight: number,
    outWidth: number,
    outLine: number,
    outPixel: number,
  ): void;
  depthwiseFilterSums(
    image: number,
    dy: number,
    gradient: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    rows: number,
    columns: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
    top: number,
    left: number,
  ): void;
  moments(x: number, rows: number, channels: number, mean: number, variance: number, sums: number): void;
  normalize(
    x: number,
    y: number,
    rows: number,
    channels: number,
    mean: number,
    variance: number,
    gamma: number,
    beta: number,
    epsilon: number,
    factors: number,
  ): void;
  normalizeGradient(
    x: number,
    dy: number,
    dx: number,
    rows: number,
    channels: number,
    mean: number,
    variance: number,
    gamma: number,
    epsilon: number,
    dgamma: number,
    dbeta: number,
    sums: number,
    factors: number,
  ): void;
  columnSums(x: number, rows: number, columns: number, target: number, sums: number): void;
  maxPool(x: number, y: number, ...sizes: PoolSizes): void;
  maxPoolGradient(x: number, dy: number, dx: number, ...sizes: PoolSizes): void;
  averagePoolGradient(...operands: [dy: number, dx: number, ...sizes: PoolSizes, factor: number]): void;
  passBetween(
    x: number,
    dy: number,
    dx: number,
    count: number,
    low: number,
    high: number,
    closed: boolean,
    cut: boolean,
  ): void;
  sigmoidGradient(y: number, dy: number, dx: number, count: number): void;
  swishGradient(x: number, s: number, dy: number, dx: number, count: number): void;
  slopeGradient(x: number, dy: number, dx: number, count: number, slope: number): void;
  spreadRows(source: number, target: number, count: number, rows: number, columns: number, divisor: number): void;
  clamp(x: number, y: number, count: number, low: number, high: number): void;
  rectify(x: number, y: number, count: number, high: number): void;
  extremum(a: number, b: number, y: number, count: number, period: number, larger: boolean): void;
  prelu(x: number, slopes: number, y: number, count: number, period: number): void;
  /** 0 for no. */
  holdsLowest(x: number, count: number): number;
  segmentSum: SegmentSum;
  segmentSumInt: SegmentSum;
}

/** Of one image before and after pooling, and of the window that goes over it. */
export type PoolSizes = [
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  rows: number,
  columns: number,
  strideY: number,
  strideX: number,
  top: number,
  left: number,
];

type DepthwiseGradient = (
  first: number,
  second: number,
  target: number,
  height: number,
  width: number,
  channels: number,
  multiplier: number,
  outHeight: number,
  outWidth: number,
  rows: number,
  columns: number,
  strideY: number,
  strideX: number,
  dilationY: number,
  dilationX: number,
  top: number,
  left: number,
) => void;

type SegmentSum = (source: number, ids: number, target: number, count: number, width: number, segments: number) => void;
