import type { ArgDef } from 'citty';

/** Arguments of a command by name; with `many` there may be any number of one. */
export type CommandArguments = Readonly<Record<string, ArgDef & { readonly many?: boolean }>>;
