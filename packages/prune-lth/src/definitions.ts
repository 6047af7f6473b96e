import { type MethodDefinition, numberIn, type OptionData, type OptionNote, type TrainingRun } from '@espalier/core';
import { type LotteryTicketOptions, lotteryTicket, lotteryTicketRules } from './lottery-ticket.js';
import { type LthTransferOptions, lthTransfer, lthTransferRules } from './lth-transfer.js';
import { type PruningAmount, roundsOf } from './pruning-amount.js';

const amount: Readonly<Record<keyof PruningAmount, OptionNote>> = {
  sparsity: { summary: 'fraction of the prunable weights that is masked in the end' },
  rounds: { summary: 'how often the network is pruned', source: '3; with fraction as many as the sparsity needs' },
  fraction: { summary: 'fraction of what is left that each round prunes, in place of rounds or sparsity' },
};

/** Of sparsity, rounds and fraction those that determine the others: what is given, else sparsity and three rounds. */
function amountOf({ sparsity }: TrainingRun, given: OptionData): { sparsity?: number; rounds?: number } {
  const has = (name: string): boolean => numberIn(given, name) !== undefined;
  if (has('fraction') && has('rounds')) return {};
  return has('fraction') ? { sparsity } : { sparsity, rounds: 3 };
}

/** How often the network is pruned; what does not fit together is refused by the creator. */
function roundCount(run: TrainingRun, given: OptionData): number {
  const asked = { ...amountOf(run, given), ...pick(given) };
  return asked.rounds ?? roundsOf({ sparsity: asked.sparsity, fraction: asked.fraction }, Math.ceil).count;
}

function pick(given: OptionData): { sparsity?: number; rounds?: number; fraction?: number } {
  const names = ['sparsity', 'rounds', 'fraction'];
  return Object.fromEntries(
    names.flatMap(name => {
      const value = numberIn(given, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Rounds and the ticket share the steps of the run; each goes back to a twentieth of its length. */
const ticketDefinition: MethodDefinition<LotteryTicketOptions> = {
  name: 'lottery-ticket',
  summary: 'Prunes in rounds and goes back to early weights after each',
  source: 'Frankle et al. 2020, arXiv:1912.05671',
  rules: lotteryTicketRules,
  notes: {
    ...amount,
    roundLength: {
      summary: 'steps of a round',
      source: 'all rounds and the ticket together take the steps of the run',
    },
    rewindTo: { summary: 'step to go back to', source: 'a twentieth of a round' },
    rewind: { summary: 'what goes back: weights or learning-rate', source: 'Renda et al. 2020 for the second' },
    distribution: { summary: 'how the sparsity is spread over the layers' },
  },
  defaults: (run, given) => {
    const rounds = roundCount(run, given);
    const rewindTo = numberIn(given, 'rewindTo') ?? Math.round(run.steps / (rounds + 1) / 20);
    return {
      ...amountOf(run, given),
      roundLength: Math.max(1, Math.floor((run.steps + rounds * rewindTo) / (rounds + 1))),
      rewindTo,
      rewind: 'weights',
      distribution: 'global',
    };
  },
  create: lotteryTicket,
  plan: ({ roundLength }) => ({ positions: roundLength, rateOver: roundLength }),
};

const transferDefinition: MethodDefinition<LthTransferOptions> = {
  name: 'lottery-ticket-transfer',
  summary: 'Finds masks in rounds and keeps the pre-trained weights under them',
  source: 'Chen et al. 2021, arXiv:2012.06908',
  rules: lthTransferRules,
  notes: {
    ...amount,
    roundLength: {
      summary: 'steps between two prunings',
      source: '10 epochs in the paper; here the run over the prunings but the first',
    },
    except: { summary: 'layers that stay dense', source: 'all but the convolutions after the first' },
  },
  defaults: (run, given) => ({
    ...amountOf(run, given),
    roundLength: Math.max(1, Math.floor(run.steps / Math.max(1, roundCount(run, given) - 1))),
  }),
  create: lthTransfer,
  plan: ({ roundLength, ...asked }) => {
    const single = roundsOf(asked, Math.round).count === 1; // which is pruned before the first step
    return { positions: single ? 1 : roundLength, rateOver: roundLength };
  },
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [MethodDefinition<LotteryTicketOptions>, MethodDefinition<LthTransferOptions>] = [
  ticketDefinition,
  transferDefinition,
];
