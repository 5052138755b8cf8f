/** What a sound file may hold and this reader does not read. */
export class Unsupported extends Error {}
