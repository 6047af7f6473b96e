import type { Modifier } from './modifier.js';

/** Which weights are pruned, as `include` and `except` say it. */
export interface Selection {
  readonly include?: readonly string[];
  readonly except?: readonly string[];
}

/** Kernels of dense layers and convolutions, depthwise ones too. */
const allKernels = '/(?<!recurrent_)kernel$/';

/**
 * What `params` selects: all kernels for `__ALL__` and `__ALL_PRUNABLE__`; else the weights that are named, or match
 * `re:…` from their beginning on, and no others.
 */
export function selectionOf(modifier: Modifier): Selection {
  const written = modifier.value('params');
  const list = Array.isArray(written) ? written : [written];
  if (list.some(each => each === '__ALL__' || each === '__ALL_PRUNABLE__')) return { include: [allKernels] };
  if (list.length === 0 || !list.every(each => typeof each === 'string' && each !== '')) {
    modifier.refuse('params', 'params must be __ALL_PRUNABLE__, or a list of names of weights and re:patterns.');
    return {};
  }
  const alternatives = (list as readonly string[]).map(each =>
    each.startsWith('re:') ? `(?:${each.slice(3)})` : `${each.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`,
  );
  for (const [i, alternative] of alternatives.entries()) {
    if (!isPattern(alternative)) modifier.refuse('params', `"${list[i]}" is no regular expression of JavaScript.`);
  }
  const some = alternatives.join('|');
  return isPattern(some) ? only(some) : {};
}

/** The weights that match, and no others. */
const only = (source: string): Selection => ({ include: [`/^(?:${source})/`], except: [`/^(?!(?:${source}))/`] });

/** What any of several selections of named weights select, and no others. */
export function unionOf(selections: readonly Selection[]): Selection {
  const include = selections.flatMap(selection => selection.include ?? []);
  const sources = include.map(pattern => pattern.slice('/^(?:'.length, -')/'.length));
  return { include, except: only(sources.join('|')).except ?? [] };
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
