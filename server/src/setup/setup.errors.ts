/** One clear line for the person (or program) that runs a command. */
export class SetupError extends Error {}
