import type { Decision } from '../../method/decision.js';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { WeightTable } from '../weights/weight-table.js';

/** The part of a decision's check that concerns the method's reparameterization. */
export function requireReparameterizationDecision(
  decision: Decision,
  table: WeightTable,
  reparameterized: ReparameterizedWeights | undefined,
  fail: (reason: string) => never,
): void {
  const { snapshot, rewind, parameters, weightParameters, bake } = decision;
  if (bake !== undefined && typeof bake !== 'boolean') fail('Its "bake" is neither true nor false.');
  if (!reparameterized) {
    if (parameters || weightParameters)
      fail('It sets parameters, but no reparameterization is in force: none was given, or it was baked.');
    if (bake) fail('It bakes, but no reparameterization is in force: none was given, or it was baked before.');
    return;
  }
  if (snapshot !== undefined || rewind) {
    fail(
      'It takes a snapshot or rewinds while its reparameterization is in force. Bake in one decision, and take the ' +
        'snapshot in a later one.',
    );
  }
  const set = { parameters, weightParameters };
  for (const [kind, byLayer] of Object.entries(set)) {
    for (const [name, values] of byLayer ?? []) {
      table.needPrunable(name, `the ${kind} of a decision`);
      requireValues(name, values, kind === 'weightParameters', reparameterized, fail);
    }
  }
}

/** Throws unless every value is one that its parameter can take. */
function requireValues(
  layer: string,
  values: Readonly<Record<string, unknown>>,
  perWeight: boolean,
  reparameterized: ReparameterizedWeights,
  fail: (reason: string) => never,
): void {
  const declared = (reparameterized.get(layer)?.parameters ?? []).filter(each => each.perWeight === perWeight);
  const kind = perWeight ? 'parameter per weight' : 'parameter';
  for (const [name, value] of Object.entries(values)) {
    const parameter = declared.find(each => each.name === name);
    if (!parameter) {
      const others = declared.length > 0 ? `only ${declared.map(each => each.name).join(', ')}` : 'none';
      fail(`"${layer}" has no ${kind} "${name}", but ${others}.`);
    }
    const what = `The ${kind} "${name}" of "${layer}"`;
    if (perWeight) requireArray(value, parameter.variable.size, what, fail);
    else if (!Number.isFinite(Math.fround(value as number))) fail(`${what} is ${String(value)}.`);
  }
}

function requireArray(value: unknown, size: number, what: string, fail: (reason: string) => never): void {
  if (!(value instanceof Float32Array)) fail(`${what} is set to what is no Float32Array.`);
  if (value.length !== size) fail(`${what} is set to ${value.length} numbers, not to ${size}.`);
  const wrong = value.findIndex(each => !Number.isFinite(each));
  if (wrong >= 0) fail(`${what} is ${value[wrong]} at index ${wrong}.`);
}
