package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.constraint.FormCompiler;
import dev.jubal.llama.constraint.Matcher;
import dev.jubal.llama.constraint.Vocab;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Output forms by the constraint compiler. What it has to know of the vocabulary takes some 200 ms
 * to make, so a thread of its own begins at once, and only a request that comes before waits.
 */
final class CompiledForms implements Forms {
  private final FormCompiler compiler = new FormCompiler(SchemaOptions.DEFAULT);
  private final CompletableFuture<Vocab> vocab = new CompletableFuture<>();

  CompiledForms(Vocabulary vocabulary) {
    Thread.ofPlatform().name("jubal-vocabulary").daemon(true).start(() -> read(vocabulary));
  }

  private void read(Vocabulary vocabulary) {
    try {
      vocab.complete(
          new Vocab(
              vocabulary.size(), vocabulary::piece, vocabulary::isControl, vocabulary::endsText));
    } catch (RuntimeException | Error e) {
      vocab.completeExceptionally(e);
    }
  }

  @Override
  public Matcher begin(OutputForm form) {
    try {
      return compiler.compile(form).matcher(vocab.join());
    } catch (FormRefusal e) {
      throw new EngineFailure(EngineFailure.Kind.FORM_REFUSED, String.valueOf(e.getMessage()));
    } catch (CompletionException e) {
      throw new EngineFailure(
          EngineFailure.Kind.INTERNAL, "the vocabulary could not be read: " + e.getCause());
    }
  }
}
