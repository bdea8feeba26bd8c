package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dictionary, in the order its keys were put in. */
public final class Dict implements Value {

  /** A key and what it gives. */
  public record Entry(Value key, Value value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** Puts a value; a key that is equal to an earlier one leaves the earlier key standing. */
  public Dict put(Value key, Value value) {
    Object hash = Equality.key(key);
    Entry before = entries.get(hash);
    entries.put(hash, new Entry(before == null ? key : before.key, value));
    return this;
  }

  /** Puts a value under a name of the template's own words. */
  public Dict put(String key, Value value) {
    return put(Text.literal(key), value);
  }

  public void putAll(Dict other) {
    other.entries().forEach(e -> put(e.key, e.value));
  }

  public @Nullable Value get(Value key) {
    Entry entry = entries.get(Equality.key(key));
    return entry == null ? null : entry.value;
  }

  public @Nullable Value get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value;
  }

  public Collection<Entry> entries() {
    return entries.values();
  }

  public List<Value> keys() {
    List<Value> keys = new ArrayList<>(entries.size());
    entries.values().forEach(e -> keys.add(e.key));
    return keys;
  }

  List<Value> values() {
    List<Value> values = new ArrayList<>(entries.size());
    entries.values().forEach(e -> values.add(e.value));
    return values;
  }

  /** Its pairs, as tuples. */
  public List<Value> pairs() {
    List<Value> pairs = new ArrayList<>(entries.size());
    entries.values().forEach(e -> pairs.add(Seq.tuple(e.key, e.value)));
    return pairs;
  }

  public int size() {
    return entries.size();
  }

  @Override
  public String type() {
    return "dict";
  }

  @Override
  public boolean truth() {
    return !entries.isEmpty();
  }
}
