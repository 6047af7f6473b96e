import { type Json, type MethodDefinition, optionsSchema } from '@espalier/core';
import { isKeywords, type Keywords } from './schema-problems.js';

/**
 * JSON Schema of the options that may be *given* to a method: any of them, since the others have defaults, of an option
 * with options of its own single ones, and `null` for an option that is to be left out.
 */
export function givenSchema(definition: MethodDefinition): Keywords {
  return partial(optionsSchema<object>(definition.rules) as Keywords, orLeftOut);
}

function partial(schema: Keywords, of: (property: Json) => Json): Keywords {
  const { required: _, ...rest } = schema;
  const properties = isKeywords(schema.properties) ? schema.properties : {};
  const inner = Object.entries(properties).map(([name, property]) => [name, of(property)]);
  return { ...rest, properties: Object.fromEntries(inner) };
}

/** An option whose own options may be given one by one, too. */
function orLeftOut(schema: Json): Json {
  const nested = isKeywords(schema) && schema.type === 'object' && schema.properties !== undefined;
  return orNull(nested ? partial(schema, orNull) : schema);
}

function orNull(schema: Json): Json {
  if (!isKeywords(schema)) return schema;
  return { anyOf: [...(Array.isArray(schema.anyOf) ? schema.anyOf : [schema]), { type: 'null' }] };
}
