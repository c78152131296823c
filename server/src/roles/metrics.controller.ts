import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { Public } from '../identity/access/access.decorators.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { sameBytes } from '../platform/crypto/keyring.js';
import { answersEmpty } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { Metrics } from '../platform/telemetry/metrics.js';

/** Numbers for Prometheus: for the networks around us, or for whoever has the token. */
@Public()
@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics, @Inject(CONFIG) private readonly config: Config) {}

  @Get('metrics')
  @answersEmpty(200, 'Prometheus text')
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!this.mayRead(request)) throw notFound();
    void reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    return this.metrics.render();
  }

  private mayRead(request: FastifyRequest): boolean {
    const { METRICS_TOKEN: token } = this.config;
    if (token !== undefined) return sameBytes(Buffer.from(request.headers.authorization ?? ''), Buffer.from(`Bearer ${token}`));
    // Behind a proxy that we were not told to trust, everybody seems to be our neighbour.
    if (request.headers['x-forwarded-for'] !== undefined && request.ip === request.socket.remoteAddress) return false;
    const address = ipaddr.process(request.ip);
    const allowed = this.config.METRICS_ALLOW;
    if (allowed.length === 0) return address.range() !== 'unicast';
    return allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  }
}
