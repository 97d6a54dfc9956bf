export { startApiServer } from './api-server.ts'
export {
  HttpSimulationClient,
  type ManifestSource,
  type ServerAccess,
  type SimulationClient,
  startControllers,
} from './controllers.ts'
export { startImageRegistry } from './image-registry.ts'
export { EXTENSION_NAME } from './kubeconfig.ts'
export { type Sandbox, startSandbox } from './sandbox.ts'
export { MOVING_IMAGE } from './world.ts'
