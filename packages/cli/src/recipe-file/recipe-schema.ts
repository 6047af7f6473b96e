import { type Json, type JsonSchema, type MethodDefinition, optionsSchema } from '@espalier/core';
import { registry } from '../method/registry.js';
import { pruneArguments } from '../options/prune-arguments.js';
import { givenSchema } from '../schema/given-schema.js';
import { isKeywords } from '../schema/schema-problems.js';
import { withDefinitions } from '../schema/with-definitions.js';
import { keyOf, recipeOptionRules } from './option-rules.js';

/** Where the published schema is found. */
export const schemaUrl = 'https://unpkg.com/@espalier/cli/schema/recipe.schema.json';

/** Names of templates, parts of a recipe that stand elsewhere by an alias. */
const templatesPattern = '^x-';

/** Names of lists of modifiers, of which a recipe of SparseML has at least one. */
export const modifiersPattern = 'modifiers$';

/** What an option of `prune` is, by its name. */
export type Descriptions = Readonly<Record<string, string | undefined>>;

/** JSON Schema of a recipe in the words of this command, draft 2020-12. */
export function recipeSchema(descriptions: Descriptions = {}): { readonly [keyword: string]: Json } {
  const schema = optionsSchema<object>(recipeOptionRules) as { readonly properties: { readonly [key: string]: Json } };
  const properties = Object.entries(schema.properties).map(([option, property]) => [
    keyOf(option),
    described(property, descriptions[option]),
  ]);
  return {
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'This schema, for editors' },
      method: described(methodSchema(), descriptions.method),
      ...Object.fromEntries(properties),
    },
    patternProperties: { [templatesPattern]: {} },
    additionalProperties: false,
  };
}

/** The text of `schema/recipe.schema.json`, out of the options of `prune` and the methods of the registry. */
export function schemaFile(): string {
  const descriptions = Object.entries(pruneArguments).map(([name, { description }]) => [name, description]);
  return `${JSON.stringify(publishedSchema(Object.fromEntries(descriptions)), null, 2)}\n`;
}

/** The schema as it is published: a recipe in either vocabulary. */
function publishedSchema(descriptions: Descriptions): JsonSchema {
  return withDefinitions({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaUrl,
    title: 'A recipe of espalier prune',
    description: 'Options of espalier prune in camel case, or modifiers in the words of SparseML',
    if: { type: 'object', propertyNames: { not: { pattern: modifiersPattern } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: recipeSchema(descriptions),
    else: {
      type: 'object',
      patternProperties: { [modifiersPattern]: { anyOf: [{ type: 'array' }, { type: 'object' }] } },
    },
  });
}

/** A method by its name alone, or with its options: those of the registry are known. */
function methodSchema(): Json {
  const known = [...registry.values()].map((definition: MethodDefinition) => ({
    type: 'object',
    description: definition.summary,
    properties: { name: { const: definition.name }, options: givenSchema(definition) },
    required: ['name'],
    additionalProperties: false,
  }));
  const other = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, not: { enum: [...registry.keys()] } },
      options: { type: 'object' },
    },
    required: ['name'],
    additionalProperties: false,
  };
  return { anyOf: [{ type: 'string', minLength: 1 }, ...known, other] };
}

function described(schema: Json, description: string | undefined): Json {
  return isKeywords(schema) && description !== undefined ? { ...schema, description } : schema;
}
