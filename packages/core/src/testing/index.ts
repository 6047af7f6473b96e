/**
 * The contract suite that every pruning method must pass, a toy model, and helpers for golden tests. Needs no test runner.
 *
 * @packageDocumentation
 */
export { type ContractCase, ContractViolationError } from './contract-case.js';
export { describeMethodContract, type TestContext, type TestRunner } from './describe-method-contract.js';
export { bitsOf, maskOf } from './mask-of.js';
export { type ContractOptions, methodContract } from './method-contract.js';
export { supportedOptimizers } from './supported-optimizers.js';
export { type ToyModel, toyModel } from './toy-model.js';
