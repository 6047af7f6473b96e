import type { ParsedNode } from '../format/reading/parsed.js';

/** Ends of the names of weights, which the layer's name is before. */
const weightEnds = /[./](weight|kernel|depthwise_kernel|pointwise_kernel|gamma|alpha|alpha_first|alpha_last|scale)$/;

/**
 * What a layer is called: as its weights if they say so (`layer1.0.conv1.weight`), else as its node, without the scopes
 * that PyTorch repeats (`/layer1/layer1.0/relu/Relu`).
 */
export function layerName(
  { name, opType, inputs, outputs }: ParsedNode,
  isInitializer: (name: string) => boolean,
): string {
  const weight = inputs.slice(1).find(input => isInitializer(input) && weightEnds.test(input));
  if (weight) return cleaned(weight.replace(weightEnds, ''), opType);
  const parts = (name || outputs[0] || '').split('/').filter(part => part !== '');
  if (parts.length > 1 && parts.at(-1)?.replace(/_\d+$/, '') === opType) parts.pop();
  const scopes = parts.filter((part, i) => !parts[i + 1]?.startsWith(`${part}.`));
  return cleaned(scopes.join('.'), opType);
}

/** Letters, digits, points, dashes and underlines, as every TensorFlow.js takes them in names. */
function cleaned(name: string, opType: string): string {
  const clean = name
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 120);
  return clean === '' || /^\d+$/.test(clean) ? `${opType.toLowerCase()}${clean === '' ? '' : `_${clean}`}` : clean;
}
