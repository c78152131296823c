import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { VERSION } from '../config/version.js';
import { Metrics } from './metrics.js';

/** Requests, event loop and memory of this process. */
@Injectable()
export class ProcessMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly loop: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });

  constructor(private readonly metrics: Metrics, private readonly http: HttpAdapterHost) {}

  onModuleInit(): void {
    this.loop.enable();
    this.metrics.gauge('porchlight_info', 'The running version.', () => [{ labels: { version: VERSION }, value: 1 }]);
    this.metrics.gauge('porchlight_event_loop_delay_seconds', 'Delay of the event loop since the last look.', () => {
      const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - 0.02);
      const samples = [50, 99].map((p) => ({ labels: { quantile: String(p / 100) }, value: seconds(this.loop.percentile(p)) })).concat({ labels: { quantile: '1' }, value: seconds(this.loop.max) });
      this.loop.reset();
      return samples;
    });
    this.metrics.gauge('porchlight_memory_bytes', 'Memory of the process.', () => {
      const { rss, heapUsed } = process.memoryUsage();
      return [{ labels: { kind: 'resident' }, value: rss }, { labels: { kind: 'heap' }, value: heapUsed }];
    });
    this.metrics.counter('porchlight_cpu_seconds_total', 'Processor time of the process.', () => {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / 1e6 }];
    });
    const count = this.metrics.counting('porchlight_http_requests_total', 'Answered requests.');
    const observe = this.metrics.timing('porchlight_http_request_duration_seconds', 'Time until they were answered.');
    // Commands (the demo, the setup) run these modules without a web server.
    if (!this.http.httpAdapter) return;
    (this.http.httpAdapter.getInstance() as FastifyInstance).addHook('onResponse', async (request, reply) => {
      // The pattern, not the address: ids would make a metric of every request.
      const [method, route, status] = [request.method, request.routeOptions.url ?? 'unknown', `${Math.floor(reply.statusCode / 100)}xx`];
      count({ method, route, status });
      observe({ method, route }, reply.elapsedTime / 1_000);
    });
  }

  onApplicationShutdown(): void {
    this.loop.disable();
  }
}
