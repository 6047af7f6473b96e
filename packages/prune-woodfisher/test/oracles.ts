/** Straightforward dense algebra in float64 that the package is compared with; matrices are arrays of rows. */

/** λI + (1/N) Σ g gᵀ. */
export function fisherMatrix(gradients: readonly (readonly number[])[], damping: number): number[][] {
  const size = gradients[0]!.length;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const sum = gradients.reduce((total, g) => total + g[i]! * g[j]!, 0);
      return sum / gradients.length + (i === j ? damping : 0);
    }),
  );
}

/** Gauss-Jordan elimination with partial pivoting. */
export function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let i = column + 1; i < n; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[best]![column]!)) best = i;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]!.map(value => value / rows[column]![column]!);
    rows[column] = pivot;
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![column]!;
      if (i !== column) rows[i] = rows[i]!.map((value, k) => value - factor * pivot[k]!);
    }
  }
  return rows.map(row => row.slice(n));
}

/** The paper's recursion: A₀ = I/λ; Aₙ = Aₙ₋₁ − (Aₙ₋₁g)(Aₙ₋₁g)ᵀ / (N + gᵀAₙ₋₁g). */
export function woodburyRecursion(gradients: readonly (readonly number[])[], damping: number): number[][] {
  const size = gradients[0]!.length;
  let inverse = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 1 / damping : 0)),
  );
  for (const g of gradients) {
    const product = inverse.map(row => row.reduce((sum, value, j) => sum + value * g[j]!, 0));
    const divisor = gradients.length + product.reduce((sum, value, i) => sum + value * g[i]!, 0);
    inverse = inverse.map((row, i) => row.map((value, j) => value - (product[i]! * product[j]!) / divisor));
  }
  return inverse;
}
