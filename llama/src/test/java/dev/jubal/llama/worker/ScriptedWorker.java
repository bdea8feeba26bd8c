package dev.jubal.llama.worker;

/** A worker process around {@link ScriptedEngine}. */
final class ScriptedWorker {
  private ScriptedWorker() {}

  public static void main(String[] args) throws Exception {
    WorkerMain.serve(args, ScriptedEngine::new);
  }
}
