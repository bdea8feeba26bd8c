-- Where an operator points a name of the catalogue; without a row the catalogue's own pointer holds.

CREATE TABLE model_route (
  name       VARCHAR(128) NOT NULL PRIMARY KEY,
  backend    VARCHAR(32)  NOT NULL,
  target     VARCHAR(128) NOT NULL,
  created_us BIGINT       NOT NULL
);
