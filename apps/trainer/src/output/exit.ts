/** Exit statuses of the command. */
export const Exit = {
  done: 0,
  /** It tried and could not. */
  failed: 1,
  /** It was asked for something that does not exist or does not fit; nothing was written. */
  usage: 2,
  /** Stopped by Ctrl-C, state saved. */
  interrupted: 130,
} as const;
