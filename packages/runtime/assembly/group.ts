/** Tiles that share their packed input, as src/kernels/window/write-groups.ts writes them. */
@unmanaged
export class Group {
  runs: usize;
  runCount: i32;
  firstTile: i32;
  tileStep: i32;
  tiles: i32;
}
