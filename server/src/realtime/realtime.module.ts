import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessWatch } from './access-watch.service.js';
import { AgentAvailability } from './agent-availability.service.js';
import { AgentSockets } from './agent-sockets.service.js';
import { CableAdmission } from './cable/cable-admission.service.js';
import { CableBroadcast } from './cable/cable-broadcast.service.js';
import { CableCommands } from './cable/cable-commands.service.js';
import { CableDoor } from './cable/cable-door.service.js';
import { CablePresence } from './cable/cable-presence.service.js';
import { CableRooms } from './cable/cable-rooms.js';
import { CatchUpController } from './catch-up.controller.js';
import { CatchUpService } from './catch-up.service.js';
import { ConversationPlaces } from './conversation-places.js';
import { PeopleDirectory } from './people-directory.js';
import { Presence } from './presence.service.js';
import { PushEvents } from './push-events.service.js';
import { RealtimeRegistry } from './realtime-registry.js';
import { RealtimeRepository } from './realtime.repository.js';
import { SequenceSync } from './sequence-sync.service.js';
import { SocketServer } from './socket-server.js';
import { Typing } from './typing.service.js';
import { VisitorSockets } from './visitor-sockets.service.js';

/** Sockets: what happened is pushed, who is there is shown. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [CatchUpController],
  providers: [
    SocketServer, AgentSockets, VisitorSockets, AccessWatch, AgentAvailability, Presence, PeopleDirectory, Typing, ConversationPlaces,
    SequenceSync, PushEvents, RealtimeRegistry, RealtimeRepository, CatchUpService,
    CableDoor, CableCommands, CableAdmission, CableRooms, CablePresence, CableBroadcast,
  ],
  exports: [Presence, Typing, ConversationPlaces, SocketServer],
})
export class RealtimeModule {}
