"""Tag each sentence of news by how it is offered to the reader."""
