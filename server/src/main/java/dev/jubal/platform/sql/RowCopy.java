package dev.jubal.platform.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary form of PostgreSQL's {@code COPY}: a signature, then for each row the number
 * of its values, and for each value its length in bytes, -1 for NULL, and its bytes. Refers to the
 * driver, so it is loaded only where there is a server.
 */
final class RowCopy implements Inserts.Cells {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int FIRST_BYTES = 64 * 1024;
  private static final int MOST_FIXED = 12; // a length and a BIGINT

  private ByteBuffer out = ByteBuffer.allocate(FIRST_BYTES);

  private RowCopy() {}

  /**
   * Sends rows within the transaction that is open.
   *
   * @param sql COPY ... FROM STDIN (FORMAT binary)
   * @param columns how many values each row has
   * @throws SQLException when one is refused; the transaction is lost then
   */
  static void send(Connection connection, String sql, int columns, List<Inserts.Values> rows)
      throws SQLException {
    RowCopy copy = new RowCopy();
    copy.out.put(SIGNATURE).putInt(0).putInt(0);
    for (Inserts.Values row : rows) {
      copy.room(MOST_FIXED);
      copy.out.putShort((short) columns);
      row.to(copy);
    }
    copy.room(MOST_FIXED);
    copy.out.putShort((short) -1);
    CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      in.writeToCopy(copy.out.array(), 0, copy.out.position());
      in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private void room(int bytes) {
    if (out.remaining() < bytes) {
      out = ByteBuffer.allocate(2 * out.capacity() + bytes).put(out.flip());
    }
  }

  @Override
  public void text(String value) {
    byte[] bytes = Inserts.clean(value).getBytes(StandardCharsets.UTF_8);
    room(MOST_FIXED + bytes.length);
    out.putInt(bytes.length).put(bytes);
  }

  @Override
  public void maybeText(Optional<String> value) {
    if (value.isPresent()) {
      text(value.get());
    } else {
      nothing();
    }
  }

  @Override
  public void whole(long value) {
    room(MOST_FIXED);
    out.putInt(Long.BYTES).putLong(value);
  }

  @Override
  public void maybeWhole(Optional<Long> value) {
    if (value.isPresent()) {
      whole(value.get());
    } else {
      nothing();
    }
  }

  private void nothing() {
    room(MOST_FIXED);
    out.putInt(-1);
  }

  @Override
  public void number(int value) {
    room(MOST_FIXED);
    out.putInt(Integer.BYTES).putInt(value);
  }

  @Override
  public void flag(boolean value) {
    room(MOST_FIXED);
    out.putInt(1).put((byte) (value ? 1 : 0));
  }
}
