import { Inject, Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { CONFIG, type Config } from '../config/config.js';
import { isInnerName, isThisMachine, plainName } from './inner-names.js';

/** The address may not be reached from here. The message is fit for the person who gave it. */
export class AddressRefused extends Error {}

/** Looks like any other public address and is the inside of Azure. */
const METADATA = new Set(['168.63.129.16']);
/** Where clouds give their machines' keys to whoever asks, and how Google calls it. */
const METADATA_ADDRESS = '169.254.169.254';
const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'metadata']);
/** Public hosts may listen anywhere else; these speak protocols that a request could be made to abuse. */
const REFUSED_PORTS = new Set([22, 23, 25, 53, 110, 111, 135, 139, 143, 389, 445, 465, 587, 636, 993, 995, 1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5984, 6379, 6443, 9200, 9300, 10250, 11211, 27017]);
const MAX_URL = 2_048;
const LOOPBACK = ['127.0.0.1', '::1'];
const CAN_BE_ALLOWED = 'Whoever runs this installation can allow it by naming the host in the setting OUTBOUND_ALLOW.';

/** Decides which addresses outside requests may go to: public ones, and those the operator named in OUTBOUND_ALLOW (hosts, addresses, networks). */
@Injectable()
export class AddressGuard {
  private readonly hosts = new Set<string>();
  private readonly networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];

  constructor(@Inject(CONFIG) config: Config) {
    for (const entry of config.OUTBOUND_ALLOW) {
      if (ipaddr.isValidCIDR(entry)) this.networks.push(ipaddr.parseCIDR(entry));
      else this.hosts.add(plainName(entry));
    }
  }

  /** The address as a URL, when its form is acceptable. Says nothing yet of where its name leads, unless the name is one of inner networks only. Throws AddressRefused. */
  parse(address: string): URL {
    if (address.length > MAX_URL) throw new AddressRefused('The address is too long.');
    if (!URL.canParse(address)) throw new AddressRefused('This is not a web address.');
    const url = new URL(address);
    const host = hostOf(url);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.isNamed(host))) throw new AddressRefused(`The address must begin with https://. ${CAN_BE_ALLOWED}`);
    if (url.username !== '' || url.password !== '') throw new AddressRefused('The address must not hold a name or password.');
    if (url.port !== '' && REFUSED_PORTS.has(Number(url.port)) && !this.isNamed(host)) throw new AddressRefused(`Port ${url.port} cannot be used. ${CAN_BE_ALLOWED}`);
    const known = isIP(host) ? [host] : isThisMachine(host) ? LOOPBACK : METADATA_NAMES.has(plainName(host)) ? [METADATA_ADDRESS] : [];
    if (!known.every((literal) => this.mayReach(host, literal)) || (known.length === 0 && isInnerName(host) && !this.mayLeadInside(host))) throw new AddressRefused(`The address leads into a private network. ${CAN_BE_ALLOWED}`);
    return url;
  }

  /** All addresses of a host, when every one of them may be reached. Throws AddressRefused, or the resolver's own error. */
  async resolve(host: string): Promise<LookupAddress[]> {
    const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true, verbatim: true });
    if (!found.every(({ address }) => this.mayReach(host, address))) throw new AddressRefused(`The address leads into a private network. ${CAN_BE_ALLOWED}`);
    return found;
  }

  /** The same for a service other than the web: only on its usual ports, or anywhere on hosts that the operator named. */
  async resolveService(host: string, port: number, ports: readonly number[]): Promise<LookupAddress[]> {
    if (!ports.includes(port) && !this.isNamed(host)) throw new AddressRefused(`Port ${port} cannot be used. ${CAN_BE_ALLOWED}`);
    return this.resolve(host);
  }

  /** Whether the operator named this host, so that more is allowed towards it. */
  isNamed(host: string): boolean {
    return this.hosts.has(plainName(host)) || (isIP(host) !== 0 && this.inNetwork(ipaddr.parse(host)));
  }

  /** Where an inner name leads is looked at when it is used, if the operator named it, or any inner address it might lead to. */
  private mayLeadInside(host: string): boolean {
    return this.isNamed(host) || this.networks.length > 0 || [...this.hosts].some((named) => isIP(named) !== 0);
  }

  private mayReach(host: string, address: string): boolean {
    if (this.isNamed(host)) return true;
    const parsed = ipaddr.parse(address);
    // Mapped, NAT64, 6to4 and Teredo addresses carry another inside: none of them is `unicast`.
    return (parsed.range() === 'unicast' && !METADATA.has(address)) || this.hosts.has(address) || this.inNetwork(parsed);
  }

  private inNetwork(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return this.networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network as never, bits));
  }
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
