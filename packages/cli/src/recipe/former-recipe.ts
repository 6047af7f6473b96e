import { type OptionRules, optionsFromData, rules } from '@espalier/core';

/** Recipes of versions that knew gradual and one-shot magnitude pruning alone. */
interface FormerMethod {
  readonly method: 'dense' | 'magnitude' | 'one-shot';
  readonly sparsity: number;
  readonly distribution: string;
  readonly start: number;
  readonly end: number;
  readonly every: number;
}

const step = rules.integer({ from: 0 });
const formerRules: OptionRules<FormerMethod> = {
  method: rules.oneOf('dense', 'magnitude', 'one-shot'),
  sparsity: rules.number({ from: 0, below: 1 }),
  distribution: rules.text,
  start: step,
  end: step,
  every: rules.integer({ from: 1 }),
};

/** A recipe of today from a stored one of any version; what it is not sure of it leaves to the check. */
export function upgraded(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if ('options' in stored || !('every' in stored)) return stored;
  const names = Object.keys(formerRules);
  const entries = Object.entries(stored);
  const former = Object.fromEntries(entries.filter(([name]) => names.includes(name)));
  const common = Object.fromEntries(entries.filter(([name]) => !names.includes(name)));
  const { method, ...rest } = optionsFromData<FormerMethod>(formerRules, former as never, 'recipe');
  return { ...common, method, options: optionsOf(method, rest) };
}

function optionsOf(method: FormerMethod['method'], former: Omit<FormerMethod, 'method'>): object {
  const { sparsity, distribution, start, end, every } = former;
  if (method === 'magnitude') return { sparsity, cadence: { start, end, every }, distribution };
  return method === 'one-shot' ? { sparsity, position: start, distribution } : {};
}
