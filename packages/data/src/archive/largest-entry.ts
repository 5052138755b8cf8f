/** Most bytes of one file inside an archive, unpacked. */
export const LARGEST_ENTRY: number = 2 ** 28;
