import { mkdirSync, writeFileSync } from 'node:fs';
import { schemaFile } from '../packages/cli/src/recipe-file/recipe-schema.js';

/** Writes the JSON Schema of recipes, which the command line publishes; a test holds that it is up to date. */
const file = new URL('../packages/cli/schema/recipe.schema.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, schemaFile());
