/** Every kernel has this form: it does the work items `begin` to `end` of what its record describes. */
export type Kernel = (record: number, begin: number, end: number, scratch: number) => void;
