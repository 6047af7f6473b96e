/** The same images, each decoded once: short runs see them some ten times. */
export function heldInMemory(files) {
  const decoded = new Map();
  return {
    ...files,
    read: async index => {
      const kept = decoded.get(index) ?? (await files.read(index));
      decoded.set(index, kept);
      return kept;
    },
  };
}
