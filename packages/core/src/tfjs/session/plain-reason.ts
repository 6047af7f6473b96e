import { checkJson } from '../../checkpoint/json/check-json.js';
import { splitState } from '../../checkpoint/state/split-state.js';
import { CorruptCheckpointError } from '../../errors/checkpoint-errors.js';
import { InvalidOptionError } from '../../errors/option-errors.js';
import type { OptionRule } from '../../options/option-rule.js';

/** Why a checkpoint could not hold the value, as a sentence; undefined if it can. */
export function plainReason(value: unknown, what: string): string | undefined {
  return reasonOf(() => checkJson(value, what));
}

/** Why a checkpoint could not hold the value as a method's state, as a sentence; undefined if it can. */
export function stateReason(value: unknown): string | undefined {
  return reasonOf(() => splitState(value));
}

function reasonOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof CorruptCheckpointError) return error.reason;
    throw error;
  }
}

/** Refuses what a checkpoint could not hold. */
export const plainDataRule: OptionRule = (option, value) => {
  const reason = plainReason(value, option);
  if (reason) throw new InvalidOptionError(option, value, `plain data that JSON keeps as it is. ${reason}`);
};
