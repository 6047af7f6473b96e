export { type Aggregate, type AggregateOptions, aggregate, type Change } from './aggregate.js';
export { aggregateChart, type ChartSpecification, taskChart } from './charts.js';
export type { Spread } from './spread.js';
export type { Selection, StudyResult, TransferProtocol } from './study-result.js';
export { type SeedValue, type SummaryOptions, summarize, type TaskSummary } from './summarize.js';
export { aggregateTable, taskTable } from './tables.js';
