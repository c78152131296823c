/** Version of this server, as answered by GET /api. */
export const VERSION = '0.1.0';
