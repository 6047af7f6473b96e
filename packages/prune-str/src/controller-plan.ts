import { type Cadence, gradualSparsity, InvalidOptionError, type Schedule } from '@espalier/core';

/** What a user may say about the controller. */
export interface ControllerOptions {
  readonly end: number;
  readonly sparsity?: number | undefined;
  readonly cadence?: Pick<Cadence, 'start' | 'every'> | undefined;
  readonly schedule?: Schedule | undefined;
}

/** When the controller acts, and which sparsity it brings about then. */
export interface ControllerPlan {
  readonly sparsity: number;
  readonly cadence: Cadence;
  readonly schedule: Schedule;
}

/** The controller's options with their defaults, or an error; undefined if it is off. */
export function controllerPlan({ end, sparsity, cadence, schedule }: ControllerOptions): ControllerPlan | undefined {
  if (sparsity === undefined) {
    for (const [name, value] of Object.entries({ cadence, schedule })) {
      if (value !== undefined) throw new InvalidOptionError(name, value, 'left out unless sparsity is given');
    }
    return undefined;
  }
  const { start, every } = cadence ?? { start: 0, every: 100 };
  const whole = { start, every, end };
  return {
    sparsity,
    cadence: whole,
    schedule: gradualSparsity({ sparsity, cadence: whole, ...(schedule ? { schedule } : {}) }),
  };
}
