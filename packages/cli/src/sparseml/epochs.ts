/** A number of epochs as options write it; the part of an epoch to a billionth. */
export function epochsText(epochs: number): string {
  const digits = Number(epochs.toFixed(9));
  return `${digits.toFixed(9).replace(/\.?0+$/, '')} epoch${digits === 1 ? '' : 's'}`;
}
