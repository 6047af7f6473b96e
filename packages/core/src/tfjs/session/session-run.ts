import type { Snapshot } from '../../checkpoint/checkpoint.js';
import { InvalidOptionError } from '../../errors/option-errors.js';
import type { Clock } from '../../method/clock.js';
import type { Decision, Rewind } from '../../method/decision.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import { resetPowers } from '../optimizer/adam-powers.js';
import { GradientSums } from '../optimizer/gradient-sums.js';
import { clearAll, clearEntries, clearMasked, readSlots } from '../optimizer/optimizer-slots.js';
import { forgetParameters } from '../optimizer/optimizer-state.js';
import { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import { DeviceMasks } from '../weights/device-masks.js';
import { assignFloats } from '../weights/tensors.js';
import { WeightTable } from '../weights/weight-table.js';
import { restoreWeights, takeSnapshot } from './checkpoint/snapshots.js';
import { requireMasks } from './decision-check.js';
import { LearningRate } from './learning-rate.js';
import type { DecisionEvent, SessionOptions } from './session-options.js';
import { emptiedWarning, warn } from './session-warning.js';

/** Everything about a session that changes, and how a decision changes it. */
export class SessionRun<State extends MethodState> {
  readonly table: WeightTable;
  readonly device: DeviceMasks = new DeviceMasks();
  readonly masks: Map<string, Uint8Array> = new Map();
  readonly snapshots: Map<string, Snapshot> = new Map();
  readonly sums: GradientSums = new GradientSums();
  readonly rate: LearningRate;
  clock: Clock = { step: 0, position: 0, round: 0 };
  seed: number;
  state!: State;
  phase = '';
  /** The method's reparameterization, while it is in force. */
  reparameterized: ReparameterizedWeights | undefined;
  readonly #emptied: Set<string> = new Set();
  #masked = 0;
  #total = 0;

  constructor(
    readonly method: PruningMethod<State>,
    readonly options: SessionOptions,
  ) {
    this.table = new WeightTable(options.weights);
    this.rate = new LearningRate(options.optimizer, options.learningRate);
    this.seed = options.seed ?? 0;
    for (const { name, variable } of this.table.prunable) {
      this.masks.set(name, new Uint8Array(variable.size).fill(1));
      this.#total += variable.size;
    }
  }

  get sparsity(): number {
    return this.#total === 0 ? 0 : this.#masked / this.#total;
  }

  /** In the order that {@link Decision} states. The decision must have been checked. */
  async carryOut(decision: Decision<State>): Promise<void> {
    const { masks, weights, parameters, weightParameters, slots, sums, snapshot, rewind, learningRate } = decision;
    this.state = decision.state;
    this.phase = decision.phase ?? this.phase;
    if (snapshot !== undefined) this.snapshots.set(snapshot, await takeSnapshot(this.table, this.clock.position));
    if (rewind) this.#rewind(rewind);
    const changed = this.setMasks(masks ?? new Map());
    if (masks && changed.pruned > 0) this.#warnOfEmptied(masks);
    for (const [name, values] of weights ?? []) this.#setWeight(name, values);
    for (const [name, values] of [...(parameters ?? []), ...(weightParameters ?? [])])
      this.reparameterized?.setParameters(name, values);
    if (masks || weights || parameters || weightParameters || rewind) this.#applyMasks();
    if (slots === 'reset') await this.#resetSlots();
    else if (changed.pruned > 0 && this.reparameterized?.masking !== 'effective') await this.#clearMaskedSlots();
    if (slots instanceof Map) clearEntries((await readSlots(this.options.optimizer, this.table)).slots, slots);
    if (sums === 'reset') this.sums.reset();
    if (learningRate !== undefined) this.rate.plan = learningRate;
    if (decision.bake) await this.#bake();
    const { clock, phase, sparsity } = this;
    this.options.onDecision?.({ clock, phase, sparsity, changed });
  }

  setMasks(masks: ReadonlyMap<string, Uint8Array>): DecisionEvent['changed'] {
    let pruned = 0;
    let grown = 0;
    for (const [name, mask] of masks) {
      const before = this.masks.get(name);
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] === before?.[i]) continue;
        if (mask[i]) grown++;
        else pruned++;
      }
      this.masks.set(name, mask.slice());
      this.device.set(this.table.needPrunable(name, 'a decision'), mask);
    }
    this.#masked += pruned - grown;
    return { pruned, grown };
  }

  /** At the decision, and once for each layer. */
  #warnOfEmptied(masks: ReadonlyMap<string, Uint8Array>): void {
    const warning = emptiedWarning(masks, this.#emptied);
    for (const name of warning?.weights ?? []) this.#emptied.add(name);
    warn(this.options, warning);
  }

  /** The masks of the session option, before the method's first decision. */
  async maskFromOptions(): Promise<void> {
    const { masks } = this.options;
    if (!masks) return;
    requireMasks(masks, this.table, 'the session option masks', reason => {
      throw new InvalidOptionError('masks', masks, `a Map of valid masks. ${reason}`);
    });
    this.setMasks(masks);
    this.#applyMasks();
    if (this.reparameterized?.masking !== 'effective') await this.#clearMaskedSlots();
  }

  /** Puts the method's reparameterization in force, if it has one. */
  reparameterize(): void {
    const { reparameterization } = this.method;
    if (!reparameterization) return;
    this.reparameterized = new ReparameterizedWeights(reparameterization, this.table);
    this.reparameterized.refresh(this.device);
  }

  /** The effective weights become the weights, which they are in the model already. */
  async #bake(): Promise<void> {
    const { reparameterized } = this;
    if (!reparameterized) return;
    await forgetParameters(this.options.optimizer, this.table, reparameterized);
    this.reparameterized = undefined;
    reparameterized.dispose();
    await this.#clearMaskedSlots();
  }

  #setWeight(name: string, values: Float32Array): void {
    if (this.reparameterized) this.reparameterized.setRaw(name, values);
    else assignFloats(this.table.needPrunable(name, 'a decision').variable, values);
  }

  #applyMasks(): void {
    if (this.reparameterized) this.reparameterized.refresh(this.device);
    else this.device.applyToWeights();
  }

  async #clearMaskedSlots(): Promise<void> {
    const { slots } = await readSlots(this.options.optimizer, this.table);
    clearMasked(slots, this.device);
  }

  dispose(): void {
    this.reparameterized?.dispose();
    this.device.dispose();
    this.sums.reset();
    this.snapshots.clear();
  }

  #rewind({ snapshot: name, restore }: Rewind): void {
    const snapshot = this.snapshots.get(name);
    if (!snapshot) return;
    if (restore !== 'position') restoreWeights(this.table, snapshot.weights);
    const position = restore === 'weights' ? this.clock.position : snapshot.position;
    this.clock = { ...this.clock, position, round: this.clock.round + 1 };
  }

  async #resetSlots(): Promise<void> {
    const { optimizer } = this.options;
    const { slots, parameterSlots } = await readSlots(optimizer, this.table, this.reparameterized);
    clearAll([...slots, ...parameterSlots]);
    resetPowers(optimizer);
  }
}
