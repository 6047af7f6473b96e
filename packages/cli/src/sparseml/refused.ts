const reasons: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /Quantization|GPTQ|SmoothQuant|LogarithmicEqualization/,
    'weights are pruned and not quantized. Leave it out, and quantize what espalier export writes.',
  ],
  [
    /LayerThinning|LayerPruning|StructuredPruning/,
    'weights are masked one by one; layers, channels and filters are not taken out.',
  ],
  [/TrainableParams/, 'no layers are frozen: all of them are trained. Freeze them in the network of your own.'],
  [/SetParam|GradualParam/, 'parameters of the network are not set from outside.'],
  [
    /Distillation/,
    'of learning from a second network there is DistillationModifier. Name layers that are learned with --teacher-layers.',
  ],
  [/MFACPruning/, 'of the second-order methods there is OBSPruningModifier, which becomes the method woodfisher.'],
  [/MovementPruning/, 'movement pruning is an example method: give its file with --method.'],
  [/RigLPruning/, 'its fields are not those of the paper. Write method: { name: rigl } in a recipe of Espalier.'],
  [/TopKAST|Powerpropagation/, 'there is no such method here; see espalier methods.'],
  [/SparseGPT|OBCQ|Wanda/i, 'it is for language models, layer by layer; there is no such method here.'],
  [/Activation|Regularizer|Logging|LossScale/i, 'there is nothing like it here.'],
];

/** Why a modifier of SparseML is not translated; `undefined` if there is none of that name. */
export function notTranslated(type: string): string | undefined {
  return type.endsWith('Modifier') ? reasons.find(([names]) => names.test(type))?.[1] : undefined;
}
