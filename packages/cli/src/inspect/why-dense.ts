/** Why a weight that multiplies inputs has no mask: `frozen`, `depthwise`, `recurrent`, or `left dense`. */
export function whyDense(name: string, { trainable }: { readonly trainable: boolean }): string {
  if (!trainable) return 'frozen';
  if (/depthwise_kernel$/.test(name)) return 'depthwise';
  if (/recurrent_kernel$/.test(name)) return 'recurrent';
  return 'left dense';
}
