import { isIP } from 'node:net';
import { publicUrl } from '../../platform/config/public-url.js';
import type { Config } from '../../platform/config/config.js';
import { isInnerName } from '../../platform/outbound-http/inner-names.js';

/** Whether this name leads to the installation itself: its public name, a name within a machine or network, a bare address. */
export const isOwnHost = (config: Config, host: string): boolean => host === new URL(publicUrl(config)).hostname || isIP(host) !== 0 || host.startsWith('[') || isInnerName(host);
