/** A server of a test ends with it when somebody else listens on its port. */
export const PORT_IN_USE = 98;
