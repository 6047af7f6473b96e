/**
 * The contract suite that every pruning method must pass, a toy model, and helpers for golden tests: layers and views,
 * masks as text, a guard against leaked tensors. Needs no test runner.
 *
 * @packageDocumentation
 */

export { describeMethodContract, type TestContext, type TestRunner } from './contract/describe-method-contract.js';
export { type ContractOptions, methodContract } from './contract/method-contract.js';
export { type ContractCase, ContractViolationError } from './contract/run/contract-case.js';
export { supportedOptimizers } from './contract/supported-optimizers.js';
export { afterwards, guardTensors, type TestHooks } from './guard-tensors.js';
export { bitsOf, maskOf } from './mask-of.js';
export { type ToyModel, toyModel } from './toy-model.js';
export { type LayerOptions, layer, viewAt } from './views.js';
