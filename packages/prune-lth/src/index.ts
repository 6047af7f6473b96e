/**
 * Lottery tickets: iterative magnitude pruning that goes back after every cut, to early weights or to an early learning
 * rate ({@link lotteryTicket}), or to a pre-trained model ({@link lthTransfer}).
 *
 * @packageDocumentation
 */
export { convolutionsButFirst } from './convolutions-but-first.js';
export { definitions } from './definitions.js';
export { type LotteryTicketOptions, lotteryTicket } from './lottery-ticket.js';
export { type LthTransferOptions, lthTransfer } from './lth-transfer.js';
export type { PruningAmount } from './pruning-amount.js';
